FROM python:3.12
WORKDIR /work
RUN mkdir po && cd po && printf '[tool.poetry]\nname="po"\nversion="0.1.0"\ndescription=""\nauthors=[]\npackage-mode=false\n[tool.poetry.dependencies]\npython=">=3.9"\n\n' > pyproject.toml
RUN cd po && poetry config virtualenvs.create false && poetry lock -q
RUN cd po && poetry install --no-root
RUN cd po && poetry config virtualenvs.create true && poetry config virtualenvs.in-project true && poetry install --no-root
RUN mkdir pe && cd pe && pipenv install six
RUN cd pe && pipenv install --system --deploy
RUN mkdir uvp && cd uvp && printf '[project]\nname="uvp"\nversion="0.1.0"\nrequires-python=">=3.9"\ndependencies=["six"]\n' > pyproject.toml && uv sync
RUN uv cache clean && pip cache info
