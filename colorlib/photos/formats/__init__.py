"""The formats of photographs: what is in a file, byte by byte.

sniffing.py      which formats there are, told by a file's first bytes
ifd.py, exif.py  the directories that TIFF and EXIF are made of
jpeg_segments.py, png_chunks.py, jp2_boxes.py, webp_chunks.py
                 what stands in a file beside its pixels
iptc.py          captions of press photographs
icc.py           color profiles
decoded.py       what a decoder hands over
decoding.py      a file to pixels; tiff_reading.py does TIFF's part
tiff_pages.py    which page of a TIFF is the photograph
encoding.py      pixels to a file; tiff_writing.py does TIFF's part
"""
