FROM node:20
WORKDIR /work
RUN npm init -y
RUN npm install left-pad
RUN npm install -g is-odd
RUN npm ci
RUN npm install --production && npm cache clean --force
RUN npm config set fund false
RUN npm config set --global audit false
RUN mkdir web && cp package.json web/ && npm install --prefix web
RUN npm uninstall left-pad
RUN npm pkg set scripts.build='echo built > out' || true
RUN printf '{"name":"a","version":"1.0.0","scripts":{"build":"echo built > out"},"dependencies":{"left-pad":"1.3.0"}}' > package.json
RUN npm run build
RUN rm -rf node_modules package-lock.json && yarn install
RUN yarn add is-even && yarn build
RUN yarn global add is-number
RUN yarn cache clean && yarn config set network-timeout 300000
RUN yarn --cwd web install
RUN rm -rf node_modules yarn.lock && pnpm install
RUN pnpm add is-odd && pnpm run build
RUN pnpm store prune
RUN npx --yes semver 1.2.3
RUN node --version && npm --version && npm ls || true
