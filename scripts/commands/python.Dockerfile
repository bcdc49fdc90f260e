FROM python:3.12
WORKDIR /work
RUN pip install six
RUN pip install --no-cache-dir 'idna==3.7'
RUN echo 'certifi' > requirements.txt && pip install -r requirements.txt
RUN pip install --upgrade pip setuptools wheel
RUN python -m pip install -q packaging && python --version
RUN pip install --target /deps attrs
RUN pip install --user toml
RUN pip uninstall -y six
RUN pip download --no-deps six && pip wheel --no-deps -w /wheels six
RUN python -m venv /venv && /venv/bin/pip --version
RUN python3 -m venv venv && . venv/bin/activate && pip install six
RUN export PATH=/venv/bin:$PATH && pip install idna
RUN mkdir src && printf 'from setuptools import setup\nsetup(name="mine", version="1", py_modules=["mine"])\n' > src/setup.py && touch src/mine.py
RUN pip install ./src
RUN cd src && pip install -e .
RUN cd src && python setup.py install
RUN pip config set global.timeout 60 && pip cache purge && pip list > /dev/null
RUN uv pip install --system tomli
RUN uv venv /uvenv && uv pip install --python /uvenv/bin/python six
RUN python -m compileall -q src
