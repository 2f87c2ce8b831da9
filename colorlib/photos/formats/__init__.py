"""The formats of photographs: what is in a file, byte by byte.

sniffing.py      which formats there are, told by a file's first bytes
ifd.py, exif.py  the directories that TIFF and EXIF are made of
jpeg_segments.py, png_chunks.py, jp2_boxes.py, webp_chunks.py
                 what stands in a file beside its pixels
iptc.py          captions of press photographs
icc.py, cicp.py  color profiles, and color spaces that are named by numbers
decoded.py       what a decoder hands over
decoding.py      a file to pixels, with decoder_log.py
pillow_opening.py, pillow_pixels.py
                 what of that Pillow does
jpeg_reading.py, jpeg_scans.py
                 whether all pixels of a JPEG are there
avif_reading.py  AVIF of 10 and 12 bits
tiff_reading.py, tiff_pages.py
                 TIFF, and which of its pages is the photograph
encoding.py      pixels to a file; tiff_writing.py does TIFF's part
"""
