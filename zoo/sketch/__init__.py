"""What a sketch is: image files, strokes, masks. NumPy, OpenCV and Pillow, no TensorFlow."""
