"""dlib's face network, read, converted and compared without a compiler."""
