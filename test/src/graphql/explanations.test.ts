import path from 'node:path';
import { goldenQueries } from './golden-queries.ts';
import { seedExplanations } from './seed-explanations.ts';

goldenQueries('golden queries of explanations', path.join(import.meta.dirname, 'explanations'), seedExplanations);
