//! The command line.

use std::io::Write;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let stdout = std::io::stdout();
    let mut out = std::io::BufWriter::new(stdout.lock());
    for p in &args[3..] {
        let src = std::fs::read(p).unwrap();
        match args[2].as_str() {
            "view" => dfmt::cli::debug::view(std::path::Path::new(p), &src, &mut out).unwrap(),
            "errors" => dfmt::cli::debug::errors(std::path::Path::new(p), &src, &mut out).unwrap(),
            _ => {}
        }
    }
    out.flush().unwrap();
}
