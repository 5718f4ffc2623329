// A peer of the live socket, written with the most used WebSocket library of Node.js: it greets a known session with its
// whole state, pings every 25 s and pushes counters to those it is told of. It keeps nothing and asks no database.
//
// node --expose-gc server.mjs <port> <file of session tokens, one a line, in the order of their tabs>
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const [port, file] = process.argv.slice(2);
const places = new Map(readFileSync(file, 'utf8').trim().split('\n').map((token, place) => [token, place]));
const open = new Map();
let journal = 1;

const frame = (type, messages) =>
  JSON.stringify({ type, a: journal, compteurs: { messages, notifications: 0 } });

const server = createServer((request, response) => {
  if (request.method !== 'POST') {
    response.end('ok');
    return;
  }
  let body = '';
  request.on('data', (piece) => { body += piece; });
  request.on('end', () => {
    if (request.url === '/ramasser') {
      globalThis.gc();
      response.writeHead(204).end();
      return;
    }
    // As ours: answered first, pushed after.
    response.writeHead(204).end();
    journal += 1;
    for (const place of body.split(',').map(Number)) {
      const tab = open.get(place);
      tab.messages += 1;
      tab.socket.send(frame('compteurs', tab.messages));
    }
  });
});

const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 4096 });
server.on('upgrade', (request, stream, head) => {
  const token = /(?:^|; )ei_session=([0-9a-f]{64})/.exec(request.headers.cookie ?? '')?.[1];
  const place = places.get(token);
  if (place === undefined || request.headers.origin !== `http://${request.headers.host}`) {
    stream.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    return;
  }
  sockets.handleUpgrade(request, stream, head, (socket) => {
    open.set(place, { socket, messages: 0 });
    socket.on('close', () => open.delete(place));
    socket.on('error', () => socket.terminate());
    socket.send(frame('etat', 0));
  });
});
setInterval(() => { for (const { socket } of open.values()) socket.ping(); }, 25_000);
process.on('SIGTERM', () => process.exit(0));
server.listen(Number(port), '127.0.0.1', 511);
