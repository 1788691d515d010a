import path from 'node:path';
import { goldenQueries } from './golden-queries.ts';
import { seedWithExperiments } from './seed-experiments.ts';

goldenQueries('queries of experiments', path.join(import.meta.dirname, 'experiments'), seedWithExperiments);
