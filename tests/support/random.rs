//! A small generator of random numbers, seeded, so that a failure can be seen again.
