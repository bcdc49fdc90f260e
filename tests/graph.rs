//! The dependency graph: pairs of instructions that may not change places, one for each way in which one may depend on
//! another; and pairs that are free of each other.

use dfmt::model::graph::edges;
use dfmt::syntax::parse;

fn has_edge(file: &str, earlier: u32, later: u32) -> bool {
    edges(&parse(file.as_bytes())).contains(&(earlier, later))
}

/// A file, and two of its instructions, counted from 0.
type Pair = (&'static str, u32, u32);

const ORDERED: &[Pair] = &[
    // variables that are expanded, or in the environment of a command
    ("ARG V=1\nFROM a:$V\n", 0, 1),
    ("FROM a\nARG V=1\nRUN echo $V\n", 1, 2),
    ("FROM a\nENV D=/x\nCOPY a $D/\n", 1, 2),
    ("FROM a\nENV D=/x\nWORKDIR $D\n", 1, 2),
    ("FROM a\nENV PIP_INDEX_URL=https://x.y\nRUN pip install x\n", 1, 2),
    ("FROM a\nENV CFLAGS=-O2\nRUN pip install x\n", 1, 2),
    ("FROM a\nENV NODE_ENV=production\nRUN npm ci\n", 1, 2),
    ("FROM a\nENV GOFLAGS=-mod=mod\nRUN go mod download\n", 1, 2),
    ("FROM a\nENV DEBIAN_FRONTEND=noninteractive\nRUN apt-get install -y x\n", 1, 2),
    ("FROM a\nENV http_proxy=http://x.y\nRUN curl -fsSL https://x.y -o /data/x\n", 1, 2),
    ("FROM a\nENV HOME=/x\nRUN mkdir /data\n", 1, 2),
    ("FROM a\nENV LD_PRELOAD=/x.so\nRUN mkdir /data\n", 1, 2),
    ("FROM a\nARG SHA\nRUN ./build.sh\n", 1, 2),
    ("FROM a\nARG SHA\nRUN make\n", 1, 2),
    ("FROM a\nARG SHA\nRUN env > /data/env\n", 1, 2),
    ("FROM a\nRUN python -c 'import site'\nENV PYTHONPATH=/y\n", 1, 2),
    ("FROM a\nRUN npm ci\nENV NODE_ENV=production\n", 1, 2),
    ("FROM a\nENV PATH=/opt/n/bin:$PATH\nRUN npm ci\n", 1, 2),
    ("FROM a\nARG CFG=a\nENV CFG=b\nRUN echo $CFG\n", 1, 2),
    ("FROM a\nARG CFG=a\nENV CFG=b\nRUN echo $CFG\n", 2, 3),
    ("FROM a\nENV A=1\nENV B=2\n", 1, 2),
    ("FROM a\nENV V=1\nLABEL v=$V\n", 1, 2),
    ("FROM a\nENV P=80\nEXPOSE $P\n", 1, 2),
    // the working folder
    ("FROM a\nWORKDIR /a\nWORKDIR b\nRUN pwd\n", 1, 2),
    ("FROM a\nWORKDIR /a\nWORKDIR b\nRUN pwd\n", 2, 3),
    ("FROM a\nWORKDIR /a\nRUN echo $PWD > /data\n", 1, 2),
    ("FROM a\nWORKDIR /a\nRUN echo * > /data\n", 1, 2),
    ("FROM a\nWORKDIR /a\nRUN touch x\n", 1, 2),
    ("FROM a\nWORKDIR /a\nCOPY x .\n", 1, 2),
    ("FROM a\nRUN touch x\nWORKDIR /a\n", 1, 2),
    ("FROM a\nRUN install -d -o app /data/a\nWORKDIR /data/a\n", 1, 2),
    ("FROM a\nRUN ln -s /data /a\nWORKDIR /a/b\n", 1, 2),
    ("FROM a\nRUN mkdir -m 700 /a\nWORKDIR /a/b\n", 1, 2),
    ("FROM a\nUSER app\nWORKDIR /a\n", 1, 2),
    // users
    ("FROM a\nRUN useradd app\nCOPY --chown=app . /app\n", 1, 2),
    ("FROM a\nUSER app\nRUN apt-get update\n", 1, 2),
    ("FROM a\nRUN useradd app\nUSER app\n", 1, 2),
    ("FROM a\nUSER a\nUSER b\n", 1, 2),
    // shells
    ("FROM a\nSHELL [\"bash\", \"-o\", \"pipefail\", \"-c\"]\nCMD run | tee log\n", 1, 2),
    ("FROM a\nSHELL [\"bash\", \"-c\"]\nRUN mkdir /a\n", 1, 2),
    // paths
    ("FROM a\nCOPY app.conf /etc/\nRUN sed -i s/a/b/ /etc/app.conf\n", 1, 2),
    ("FROM a\nCOPY app.conf /data/\nRUN sed -i s/a/b/ /data/app.conf\n", 1, 2),
    ("FROM a\nRUN sed -i s/a/b/ /data/app.conf\nCOPY app.conf /data/\n", 1, 2),
    ("FROM a\nCOPY base/ /app/\nCOPY override/ /app/\n", 1, 2),
    ("FROM a\nRUN mkdir /dst\nCOPY f /dst\n", 1, 2),
    ("FROM a\nRUN mkdir -p /dst/a\nCOPY --chown=1 f /dst/b/\n", 1, 2),
    ("FROM a\nCOPY tool /usr/local/bin/\nRUN mkdir /data\n", 1, 2),
    ("FROM a\nCOPY . /usr/src/app\nRUN apt-get install -y x\n", 1, 2),
    ("FROM a\nRUN apt-get install -y x\nCOPY . /var/www/html\n", 1, 2),
    ("FROM a\nCOPY . /usr/src/linux\nRUN mkdir /data\n", 1, 2),
    ("FROM a\nCOPY --chown=1 . /usr/src/app\nRUN mkdir -p /usr/src/linux\n", 1, 2),
    ("FROM a\nRUN touch /usr/src/app/x\nCOPY . /usr/src/app\n", 1, 2),
    ("FROM a\nENV PATH=/tools/bin:$PATH\nCOPY tool /tools/bin/\nRUN mkdir /data\n", 2, 3),
    ("FROM a\nCOPY x.list /etc/apt/sources.list.d/\nRUN apt-get update\n", 1, 2),
    ("FROM a\nCOPY x.deb /pkg/\nRUN apt-get install -y /pkg/x.deb\n", 1, 2),
    ("FROM a\nCOPY req.txt /req/\nRUN pip install -r /req/req.txt\n", 1, 2),
    ("FROM a\nCOPY . /src\nRUN cd /src && make\n", 1, 2),
    ("FROM a\nCOPY . /src\nRUN cp -r /src/x /data\n", 1, 2),
    ("FROM a\nCOPY . /src\nRUN sh -c 'cat /src/x > /data'\n", 1, 2),
    ("FROM a\nCOPY . /src\nRUN D=/src; cat $D/x > /data\n", 1, 2),
    ("FROM a\nENV D=/src\nCOPY . /src\nRUN cat $D/x > /data\n", 2, 3),
    ("FROM a\nCOPY . /src\nRUN cat < /src/x > /data\n", 1, 2),
    ("FROM a\nCOPY . /src\nRUN touch $X\n", 1, 2),
    ("FROM a\nCOPY . /src\nRUN frobnicate\n", 1, 2),
    ("FROM a\nCOPY . /src\nRUN --mount=type=bind,target=/m cat /m/x > /data\n", 1, 2),
    ("FROM a\nWORKDIR /app\nRUN cargo build\nCOPY src ./src\n", 2, 3),
    ("FROM a\nWORKDIR /app\nRUN npm ci\nCOPY . .\n", 2, 3),
    // one RUN and another: packages, users, files, what is left behind
    ("FROM a\nRUN apt-get update\nRUN apt-get install -y curl\n", 1, 2),
    ("FROM a\nRUN useradd a\nRUN useradd b\n", 1, 2),
    ("FROM a\nRUN pip install x\nRUN rm -rf ~/.cache\n", 1, 2),
    ("FROM a\nRUN --network=none pip install --find-links w p\nRUN mkdir /x\n", 1, 2),
    // volumes
    ("FROM a\nRUN echo x > /data/f\nVOLUME /data\n", 1, 2),
    ("FROM a\nVOLUME [\"/data\"]\nRUN echo x > /data/f\n", 1, 2),
    ("FROM a\nVOLUME $V\nRUN echo x > /data/f\n", 1, 2),
    ("FROM a\nVOLUME /data\nCOPY x /data/\n", 1, 2),
    // metadata that a later one of its kind replaces
    ("FROM a\nCMD a\nCMD b\n", 1, 2),
    ("FROM a\nLABEL v=1\nLABEL v=2\n", 1, 2),
    ("FROM a\nHEALTHCHECK CMD x\nHEALTHCHECK NONE\n", 1, 2),
    ("FROM a\nSTOPSIGNAL 9\nSTOPSIGNAL 15\n", 1, 2),
    // triggers
    ("FROM a\nONBUILD COPY . .\nONBUILD RUN make\n", 1, 2),
    // stages
    ("FROM x AS a\nCMD c\nFROM a\nENTRYPOINT e\n", 1, 2),
    ("FROM x\nFROM y\nCOPY --from=0 /a /b\n", 0, 2),
    ("FROM x AS a\nRUN make\nFROM y\nCOPY --from=a /a /b\n", 1, 3),
    ("FROM x AS a\nRUN make\nFROM y\nRUN --mount=from=a,target=/m true\n", 1, 3),
    ("FROM a\nEXPOSE 80\n", 0, 1),
];

const FREE: &[Pair] = &[
    // the shell of a health check is that of the image, which the last SHELL names
    ("FROM a\nHEALTHCHECK CMD x\nSHELL [\"bash\", \"-c\"]\n", 1, 2),
    ("FROM a\nWORKDIR /app\nCOPY . .\nRUN mkdir /data\n", 2, 3),
    ("FROM a\nRUN mkdir /data\nCOPY . /app\n", 1, 2),
    ("FROM a\nRUN mkdir /data\nCOPY . /usr/src/app\n", 1, 2),
    ("FROM a\nWORKDIR /app\nCOPY . .\nRUN apt-get update && apt-get install -y curl\n", 2, 3),
    ("FROM a\nWORKDIR /app\nCOPY . .\nRUN apk add --no-cache curl\n", 2, 3),
    ("FROM a\nWORKDIR /app\nCOPY . .\nRUN curl -fsSL https://x.y/z -o /data/z\n", 2, 3),
    ("FROM a\nWORKDIR /app\nRUN mkdir /data\n", 1, 2),
    ("FROM a\nRUN useradd -m -d /data/home app\nWORKDIR /app\n", 1, 2),
    ("FROM a\nENV PORT=80\nRUN apt-get install -y curl\n", 1, 2),
    ("FROM a\nARG SHA\nRUN mkdir /data\n", 1, 2),
    ("FROM a\nENV NODE_ENV=production\nRUN if [ ! -d /data ]; then mkdir /data; fi\n", 1, 2),
    ("FROM a\nVOLUME /data\nRUN mkdir /other\n", 1, 2),
    ("FROM a\nRUN ./build.sh\nEXPOSE 80\n", 1, 2),
    ("FROM a\nLABEL v=1\nRUN ./build.sh\n", 1, 2),
    ("FROM a\nSTOPSIGNAL 9\nCOPY . .\n", 1, 2),
    ("FROM a\nMAINTAINER me\nRUN ./build.sh\n", 1, 2),
    ("FROM a\nCMD a\nENTRYPOINT b\n", 1, 2),
    ("FROM a\nCOPY a /one/\nCOPY b /two/\n", 1, 2),
    ("FROM a\nLABEL v=1\nLABEL w=2\n", 1, 2),
];

#[test]
fn what_depends_has_an_edge() {
    for (file, earlier, later) in ORDERED {
        assert!(has_edge(file, *earlier, *later), "no edge from {earlier} to {later}:\n{file}");
    }
}

#[test]
fn what_is_free_has_none() {
    for (file, earlier, later) in FREE {
        assert!(!has_edge(file, *earlier, *later), "an edge from {earlier} to {later}:\n{file}");
    }
}
