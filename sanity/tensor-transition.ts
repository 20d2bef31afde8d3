/**
 * Are tensor dynamics the iterative ones? For every economy with both, the next states, their probabilities and the rewards
 * of the tensor twin against a float64 loop over `successors`, in batches of 1 and 4096, with repeated states and with actions
 * inside, at and beyond their bounds.
 *
 *   npx tsx sanity/tensor-transition.ts [--env ID] [--set NAME=VALUE] [--module FILE] [--backend NAME] [--json]
 */
import { fileURLToPath } from 'node:url';
import { transitionCases } from '../core/checks/economy-tensors.ts';
import { type CommandDefinition, runCommand } from '../experiment/cli/command.ts';
import { requestedTensorBackend } from '../experiment/run/backend.ts';
import { chosenEconomies, conclude, type TensorCheckOptions, tensorCheckOptions } from './check-command.ts';
import { BATCHES, TENSOR_COLUMNS, tensorSubject, tensorTitle } from './tensor-probe.ts';

export { transitionCases };

export const tensorTransitionCheck: CommandDefinition<TensorCheckOptions> = {
  name: 'tensor-transition',
  summary: 'Compares the tensor dynamics of every economy with its iterative dynamics.',
  options: tensorCheckOptions,
  async main(options, terminal) {
    const economies = await chosenEconomies(options);
    const { tf, backend } = await requestedTensorBackend({ request: options.backend });
    const subjects = economies.map((economy) => ({ id: economy.id, subject: tensorSubject(economy) }));
    const cases = subjects.flatMap(({ subject }) =>
      subject === undefined
        ? []
        : BATCHES.flatMap((batch) => transitionCases(subject, tf, batch, options.seed)),
    );
    return conclude({
      terminal,
      cases,
      columns: TENSOR_COLUMNS,
      title: tensorTitle('Next states, probabilities and rewards', backend),
      needs: 'tensor twin with an enumeration of successors',
      skipped: subjects.filter(({ subject }) => subject === undefined).map(({ id }) => id),
    });
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await runCommand(tensorTransitionCheck);
