//! The command line.

use std::io::Write;
fn walk(p: &std::path::Path, out: &mut Vec<std::path::PathBuf>) {
    if p.is_dir() {
        for e in std::fs::read_dir(p).unwrap() {
            walk(&e.unwrap().path(), out);
        }
    } else {
        out.push(p.to_path_buf());
    }
}
fn main() {
    let args: Vec<String> = std::env::args().collect();
    if args[1] != "debug" {
        let (mut files, mut bad, mut n) = (vec![], 0, 0);
        walk(std::path::Path::new(args.last().unwrap()), &mut files);
        files.sort();
        let check = args.iter().any(|a| a == "--check");
        let mut config = dfmt::config::Config::default();
        if args.iter().any(|a| a == "--keep-cache") {
            config.keep_cache = true;
        }
        if let Some(at) = args.iter().position(|a| a == "--only") {
            config.rules.only = args[at + 1].split(',').map(String::from).collect();
        }
        for f in files {
            let src = std::fs::read(&f).unwrap();
            let o = dfmt::proof::engine::format(&src, &config);
            if let Some(x) = o.failure {
                eprintln!("{}: {x:?}", f.display());
                bad += 1;
            }
            if let Some(t) = o.output {
                n += 1;
                if check {
                    eprintln!("would change {}", f.display())
                } else {
                    std::fs::write(&f, t).unwrap();
                }
            }
        }
        if bad > 0 {
            std::process::exit(2);
        }
        if check && n > 0 {
            std::process::exit(1);
        }
        return;
    }
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
