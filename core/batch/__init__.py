"""Files of any length in blocks: read as a stream, worked out by columns on several workers, written in order.

A block is some thousand rows. What a block comes to is the same whatever its length and whoever works it out.
"""
