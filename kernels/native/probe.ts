/**
 * The program of the child process in which a built file is tried first, for `node --eval`: every kernel of the variant that would be
 * used, on tensors with odd extents at the end of an array. That the results are right is for the self-test to say, in the run's own
 * process; this one may crash.
 */
export const PROBE = `
const [native] = Object.values(require(process.argv[1]));
if (native !== undefined) {
  const [members, rows, inputs, outputs] = [2, 13, 17, 37];
  let end = 0;
  const tensor = (size) => (end += size) - size;
  const x = tensor(rows * inputs);
  const w = tensor(members * inputs * outputs);
  const b = tensor(members * outputs);
  const y = tensor(members * rows * outputs);
  const dy = tensor(members * rows * outputs);
  const g = tensor(members * inputs * outputs);
  const m = tensor(members * inputs * outputs);
  const v = tensor(members * inputs * outputs);
  const scratch = tensor(64 * 48);
  const last = tensor(1);
  const data = Float32Array.from({ length: end }, (_, i) => Math.abs(Math.sin(i)));
  for (const activation of [0, 1, 2, 3]) {
    native.linear(data, x, w, b, y, members, rows, inputs, outputs, 0, activation, scratch);
    native.activationGradient(data, y, dy, b, members, rows, outputs, activation, 1);
  }
  native.weightGradient(data, x, dy, w, members, rows, inputs, outputs, 0, 1, scratch);
  native.inputGradient(data, dy, w, x, members, rows, inputs, outputs, 0, 1, scratch);
  native.adam(data, w, g, m, v, members * inputs * outputs, 0.01, 1, 0.9, 0.999, 1e-8);
  native.sumLast(data, 0, last, 1, last, 1);
  if (!Number.isFinite(data[last])) throw new Error('the sum of all is ' + data[last]);
}
`;
