import { InvalidArgumentError, Option } from 'commander';
import { DissectoryError } from '../../core/errors.ts';
import { methodsNamed } from '../labelling/labellers.ts';

/** What units are labelled by. */
export const labelOption = (): Option =>
  new Option(
    '--label <methods>',
    'comma-separated: `iou` with its standard errors, `auc`; a dissection that is stored without is computed again for them',
  ).argParser((text: string) => {
    const names = text.split(',');
    try {
      methodsNamed(names);
    } catch (error) {
      throw error instanceof DissectoryError ? new InvalidArgumentError(error.message) : error;
    }
    return names;
  });
