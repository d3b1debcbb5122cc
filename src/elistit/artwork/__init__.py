"""The workshop: image and package operations as pure functions, files in and files out.

Everything here takes paths and plain values and writes the files it was asked to write. It must never import another
package of ours, open a network connection, read a clock, or change a file it was given.
"""
