"""Sources of drawings, and the pipeline that makes batches of them."""
