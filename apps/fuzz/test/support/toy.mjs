// A small service with one fault, which the first argument names: for tests of what finds faults. Plain Node, as the programs are.
import { createServer } from 'node:http';

const fault = process.argv[2];
const kept = [];
const error = { type: 'object', required: ['message'], properties: { message: { type: 'string' } } };
const answers = (status, schema) => ({
  [status]: { content: { 'application/json': { schema } } },
  400: { content: { 'application/json': { schema: error } } },
});
const login = { type: 'object', required: ['token'], properties: { token: { type: 'string' } } };
const body = (...names) => ({
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: names,
        properties: Object.fromEntries(names.map((n) => [n, { type: 'string' }])),
      },
    },
  },
});
const document = {
  openapi: '3.1.0',
  servers: [{ url: '/' }],
  paths: {
    '/register': {
      post: { operationId: 'register', requestBody: body('username', 'password'), responses: answers(201, {}) },
    },
    '/login': {
      post: { operationId: 'logIn', requestBody: body('username', 'password'), responses: answers(200, login) },
    },
    '/things': { post: { operationId: 'addThing', requestBody: body('title'), responses: answers(201, {}) } },
    '/healthz': { get: { operationId: 'health', responses: answers(200, {}) } },
  },
};

function answer(response, status, value) {
  const text = JSON.stringify(value);
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(text);
}

const server = createServer({ requireHostHeader: false }, async (request, response) => {
  const chunks = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    return;
  }
  if (request.headers.host === undefined) return answer(response, 400, { message: 'no Host' });
  const path = request.url
    .replace(/^https?:\/\/[^/?]*/i, '')
    .split('?')[0]
    .replaceAll(/%([0-9a-f]{2})/gi, (_encoded, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  const text = Buffer.concat(chunks).toString();
  if (fault === 'grows') kept.push('x'.repeat(20_000 + kept.length).split(''));
  if (path === '/openapi.json') return answer(response, 200, document);
  if (path === '/healthz') return answer(response, 200, {});
  if (path === '/register') {
    if (fault === 'logs') process.stdout.write(`${JSON.stringify({ level: 'info', body: text })}\n`);
    return answer(response, 201, {});
  }
  if (path === '/login') return answer(response, 200, { token: 'aaaa.bbbb.cccc' });
  if (path !== '/things') return answer(response, 404, { message: 'not found' });
  try {
    const { title } = JSON.parse(text);
    if (typeof title !== 'string') return answer(response, fault === 'undocumented' ? 418 : 400, { message: 'title' });
    if ([...title].some((character) => character < ' ')) {
      if (fault === 'exits') setTimeout(() => process.exit(3), 1);
      if (fault === 'fails') return answer(response, 500, { message: 'oops' });
      if (fault === 'shows') return answer(response, 400, { message: new Error('oops').stack });
      if (fault === 'frames') return response.socket.end('HTTP/1.1 200 OK\r\nContent-Length: nine\r\n\r\n');
    }
    return answer(response, 201, {});
  } catch {
    return answer(response, 400, { message: 'JSON' });
  }
});
const refusal = JSON.stringify({ message: 'refused' });
server.on('clientError', (_fault, socket) => {
  if (!socket.writable) return;
  const lines = [`Date: ${new Date().toUTCString()}`, 'Content-Type: application/json', 'Connection: close'];
  socket.end(
    `HTTP/1.1 400 Bad Request\r\n${lines.join('\r\n')}\r\nContent-Length: ${refusal.length}\r\n\r\n${refusal}`,
  );
});
server.listen(0, '127.0.0.1', () => {
  process.stderr.write(`Toy listens on http://127.0.0.1:${server.address().port}\n`);
});
process.on('SIGTERM', () => process.exit(0));
