# The API alone, without sources, compilers and development tools. Runs as a user that owns nothing but /data.
FROM node:20-bookworm-slim AS build
WORKDIR /build
COPY . .
RUN npm run build \
  && npx --yes pnpm@12.21.0 --filter @portcullis/api deploy --prod --legacy /app

FROM node:20-bookworm-slim
ENV APP_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
RUN install -d -o node -g node -m 0700 /data
COPY --from=build /app /app
USER node
WORKDIR /app
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/healthz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# Not through npm: signals reach the process, and SIGTERM drains it.
CMD ["node", "dist/main.js", "serve"]
