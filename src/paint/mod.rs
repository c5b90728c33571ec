//! Paint: display lists of wall millimetres become batches in the pixels of one display.
