"""What each kind of component must be: shapes, units and ranges. One module per kind.

The tensor contract, fixed once for all kinds:

- A sketch is float32, NHWC, one channel, in [0, 1]: ink = 1, paper = 0.
- A mask is float32, {0, 1}: 1 = hole.
- Everything random is drawn by core on the host and enters as a tensor.
"""
