"""Photographs from files and to files, safely; told in chapter 01."""

from colorlib.photos.finding import find
from colorlib.photos.photo import MadeBy, Photo, PhotoError, from_array
from colorlib.photos.reading import read
from colorlib.photos.writing import write

__all__ = ["MadeBy", "Photo", "PhotoError", "find", "from_array", "read", "write"]
