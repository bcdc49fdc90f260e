//! All tests that look at dfmt from outside: one binary.
