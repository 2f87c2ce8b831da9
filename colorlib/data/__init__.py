"""From photographs on a disk to batches of L and ab. Chapter 05.

samples   the photographs that come with the packages
splits    which photographs train and which validate
sources   where photographs come from: folders, shards, downloads
dataset   the cache of bytes, and batches cut from it
"""
