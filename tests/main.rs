//! All tests that look at dfmt from outside: one binary.

mod attacks;
mod cli;
mod cli_config;
mod cli_files;
mod cli_format;
mod cli_pragmas;
mod cli_robust;
mod cli_write;
mod content;
mod edits;
mod expand;
mod graph;
mod hazards;
mod layout;
mod layout_gaps;
mod managers;
mod parse;
mod properties;
mod readme;
mod rule_pages;
mod rule_pairs;
mod rules;
mod schema;
mod style_page;
mod support;
mod tidy;
