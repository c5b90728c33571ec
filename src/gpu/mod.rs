//! The GPU: one device, one kept picture for each display. Knows nothing of mentions or widgets.
