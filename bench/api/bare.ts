/**
 * A server that answers the questions of `questions.ts` by one prepared statement each, with nothing between it and
 * node:http.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { QUESTIONS } from './questions.ts';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });

const server = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    const { question, variables } = JSON.parse(Buffer.concat(chunks).toString());
    const { sql } = QUESTIONS[question];
    const { rows } = await pool.query({ name: `q${question}`, text: sql, values: [variables.id, variables.text] });
    const body = JSON.stringify({ data: rows[0].data });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
  });
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
