"""The built-in artist's brush: a flat vector drawing in, a hand-painted looking picture with real transparency out.

The picture is decided once, in painting units (the longer side of the sheet is 1024 units), and only then put on
pixels, so the same drawing and seed give the same picture at 1024 and at 4096 pixels. Nothing here may read a clock,
keep state between two pictures, or let a pixel size reach a random draw.

`layers` reads the drawing, `noise` and `color` are the material, `washes` decides how every shape is painted, `sheet`
puts the painted shapes on pixels, `watercolor` is the whole recipe, `png` writes the file and `job` is what runs in a
subprocess.
"""
