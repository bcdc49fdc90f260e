//! What Python would import from the folder that `python -m` runs in, which it searches before its own.
//!
//! A `json.py` or a package `email` of the source would stand in for the module of that name. The names are those of
//! the standard library, Python 3.6 to 3.14, and those that pip 9 to 25 (what it brings along included) and virtualenv
//! try to import. `-m` puts the folder in front after `site` has run: `sitecustomize` is not looked for there.

use super::{Gather, Obstacle};
use crate::model::context::{Kind, path};

/// Modules of the standard library that a package manager could import. A folder without `__init__.py` never stands in
/// for them: Python goes on looking.
const STANDARD: &str = "abc aifc argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii \
    binhex bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys \
    compileall compression concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses \
    dataclasses datetime dbm decimal difflib dis distutils doctest dummy_threading email encodings ensurepip enum \
    errno faulthandler fcntl filecmp fileinput fnmatch formatter fractions ftplib functools gc genericpath getopt \
    getpass gettext glob graphlib grp gzip hashlib heapq hmac html http imaplib imghdr imp importlib inspect io \
    ipaddress itertools json keyword lib2to3 linecache locale logging lzma macpath mailbox mailcap marshal math \
    mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode \
    operator optparse os ossaudiodev parser pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib \
    posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re \
    readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal smtpd \
    smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string \
    stringprep struct subprocess sunau symbol symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile \
    termios textwrap threading time timeit token tokenize tomllib trace traceback tracemalloc tty types typing \
    unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml \
    xmlrpc zipapp zipfile zipimport zlib zoneinfo __future__ _abc _aix_support _android_support _apple_support _ast \
    _asyncio _bisect _blake2 _bootlocale _bootsubprocess _bz2 _codecs _codecs_cn _codecs_hk _codecs_iso2022 \
    _codecs_jp _codecs_kr _codecs_tw _collections _collections_abc _colorize _compat_pickle _compression \
    _contextvars _crypt _csv _ctypes _curses _curses_panel _datetime _dbm _decimal _dummy_thread _dummy_threading \
    _elementtree _frozen_importlib _frozen_importlib_external _functools _gdbm _hashlib _heapq _hmac _imp \
    _interpchannels _interpqueues _interpreters _io _ios_support _json _locale _lsprof _lzma _markupbase _md5 \
    _multibytecodec _multiprocessing _opcode _opcode_metadata _operator _osx_support _overlapped _pickle \
    _posixshmem _posixsubprocess _py_abc _py_warnings _pydatetime _pydecimal _pyio _pylong _pyrepl _queue _random \
    _remote_debugging _scproxy _sha1 _sha2 _sha256 _sha3 _sha512 _signal _sitebuiltins _socket _sqlite3 _sre _ssl \
    _stat _statistics _string _strptime _struct _suggestions _symtable _sysconfig _thread _threading_local _tkinter \
    _tokenize _tracemalloc _types _typing _uuid _warnings _weakref _weakrefset _winapi _zoneinfo _zstd annotationlib";

/// Modules that they try to import, or bring along: a folder of the name is enough to be found.
const OTHERS: &str = "pip pipenv poetry setuptools pkg_resources _distutils_hack wheel virtualenv keyring truststore \
    _manylinux requests urllib3 urllib3_secure_extra certifi chardet charset_normalizer cchardet idna simplejson \
    OpenSSL cryptography socks brotli brotlicffi zstandard h2 colorama contextlib2 cachecontrol distlib distro \
    filelock html5lib lockfile msgpack packaging pep517 platformdirs appdirs progress pygments pyparsing \
    pyproject_hooks pytoml resolvelib retrying rich six tenacity toml tomli tomli_w typing_extensions webencodings \
    dependency_groups importlib_metadata importlib_resources zipp redis lxml genshi datrie ordereddict IPython \
    ipywidgets attr backports ntlm tornado jinja2 mypy_extensions ctags python_discovery";

/// Holds that the folder in which the install runs holds nothing that would stand in for a module, or look like a
/// package that is installed.
///
/// # Errors
/// What it cannot be said of.
pub fn is_clear(gather: &mut Gather) -> Result<(), Obstacle> {
    let cwd = gather.place.cwd;
    let context = gather.place.context;
    let listing = context.list(cwd).filter(|l| l.complete);
    let listing =
        listing.ok_or_else(|| Obstacle::new("it is not known what the folder of `python -m` holds"))?;
    for (name, kind) in &listing.entries {
        if is_compiled_module(name) || is_installed_package(name) || *kind == Kind::Symlink && is_module(name)
        {
            return Err(Obstacle::small(format!(
                "{} may stand in for a module of `python -m pip`; call pip itself, or name it in .dockerignore",
                path::join(cwd, name)
            )));
        }
    }
    for name in STANDARD.split_whitespace().chain(OTHERS.split_whitespace()) {
        for file in [format!("{name}.py"), format!("{name}/__init__.py")] {
            gather.must_be_free(&file, "a module that `python -m` would take for its own");
        }
    }
    for name in OTHERS.split_whitespace() {
        gather.must_be_free(name, "a module that `python -m` would take for its own");
    }
    Ok(())
}

fn is_module(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    STANDARD.split_whitespace().chain(OTHERS.split_whitespace()).any(|m| m == stem)
}

/// `json.pyc`, `zlib.cpython-312-x86_64-linux-gnu.so`.
fn is_compiled_module(name: &str) -> bool {
    let is_compiled = path_ends(name, "pyc") || path_ends(name, "so");
    is_compiled && (is_module(name) || name.starts_with("_sysconfigdata"))
}

/// What makes a package look installed to whoever searches the folder.
fn is_installed_package(name: &str) -> bool {
    ["egg-info", "dist-info", "egg", "egg-link"].iter().any(|end| path_ends(name, end))
}

fn path_ends(name: &str, end: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, e)| e == end)
}
