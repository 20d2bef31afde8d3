import { describe, expect, it } from 'vitest';
import type { Shape } from './op-set.ts';
import {
  broadcastShape,
  checkClip,
  checkHuber,
  concatShape,
  constantShape,
  dropFirstShape,
  linearShape,
  matmulShape,
  reshapeShape,
  sliceShape,
  sumLastShape,
} from './shapes.ts';

describe('the shape of a pair of operands', () => {
  const together: readonly { large: Shape; small: Shape }[] = [
    { large: [2, 3, 1], small: [3, 1] },
    { large: [2, 3], small: [] },
    { large: [4, 3], small: [1] },
    { large: [1], small: [] },
    { large: [], small: [] },
    { large: [3, 2], small: [3, 2] },
    { large: [1, 1], small: [1] },
  ];
  it.each(together)('is the larger, $large, in either order, beside $small', ({ large, small }) => {
    expect(broadcastShape('add', large, small)).toEqual(large);
    expect(broadcastShape('add', small, large)).toEqual(large);
  });

  const apart: readonly { a: Shape; b: Shape }[] = [
    { a: [4, 1], b: [4, 3] },
    { a: [1, 3], b: [4, 3] },
    { a: [2], b: [3, 1] },
    { a: [1, 1], b: [4] },
  ];
  it.each(apart)('does not exist for $a and $b, though other libraries broadcast them', ({ a, b }) => {
    const [first, second] = [a, b].map((shape) => `[${shape.join(', ')}]`);
    expect(() => broadcastShape('mul', a, b)).toThrow(
      `mul: shapes ${first} and ${second} do not go together`,
    );
    expect(() => broadcastShape('mul', b, a)).toThrow(
      `mul: shapes ${second} and ${first} do not go together`,
    );
  });
});

describe('the shape of a result', () => {
  it('of an ensemble of layers has members, rows and outputs, whether the rows are shared or not', () => {
    expect(linearShape([7, 3], [2, 3, 5], [2, 5])).toEqual([2, 7, 5]);
    expect(linearShape([2, 7, 3], [2, 3, 5], [2, 5])).toEqual([2, 7, 5]);
  });

  const layers: readonly { wrong: string; x: Shape; w: Shape; b: Shape }[] = [
    { wrong: 'another number of inputs', x: [7, 4], w: [2, 3, 5], b: [2, 5] },
    { wrong: 'another number of members', x: [3, 7, 3], w: [2, 3, 5], b: [2, 5] },
    { wrong: 'weights without members', x: [7, 3], w: [3, 5], b: [5] },
    { wrong: 'one bias for all members', x: [7, 3], w: [2, 3, 5], b: [5] },
    { wrong: 'a single row without its axis', x: [3], w: [2, 3, 5], b: [2, 5] },
  ];
  it.each(layers)('of a layer does not exist with $wrong', ({ x, w, b }) => {
    expect(() => linearShape(x, w, b)).toThrow(/^linear: x \[.*, w \[.* and b \[.* do not go together/);
  });

  it('of a product has the rows of the first and the columns of the second', () => {
    expect(matmulShape([4, 3], [3, 2])).toEqual([4, 2]);
    expect(() => matmulShape([4, 3], [4, 3])).toThrow(/matmul: shapes \[4, 3\] and \[4, 3\]/);
    expect(() => matmulShape([3], [3, 2])).toThrow(/matmul: shapes \[3\] and \[3, 2\]/);
    expect(() => matmulShape([4, 3], [3])).toThrow(/matmul: shapes \[4, 3\] and \[3\]/);
  });

  it('of joined tensors adds up their columns, where their rows agree', () => {
    expect(
      concatShape([
        [2, 4, 1],
        [2, 4, 3],
        [2, 4, 2],
      ]),
    ).toEqual([2, 4, 6]);
    expect(() => concatShape([[4, 3], [3]])).toThrow(/concat: shapes \[4, 3\] and \[3\]/);
    expect(() =>
      concatShape([
        [4, 3],
        [5, 3],
      ]),
    ).toThrow(/concat: shapes \[4, 3\] and \[5, 3\]/);
    expect(() => concatShape([[], []])).toThrow(/concat/);
    expect(() => concatShape([])).toThrow(/concat: got no tensors/);
  });

  it('of a slice has the columns asked for, which must be there', () => {
    expect(sliceShape([4, 3], 1, 3)).toEqual([4, 2]);
    for (const [begin, end] of [
      [2, 4],
      [-1, 2],
      [1, 1],
      [0.5, 2],
      [0, 1.5],
    ]) {
      expect(() => sliceShape([4, 3], begin, end)).toThrow(
        `slice: columns [${begin}, ${end}) of shape [4, 3]`,
      );
    }
    expect(() => sliceShape([], 0, 1)).toThrow(/slice/);
  });

  it('of a reshape or a constant holds as many numbers as there are', () => {
    expect(reshapeShape([4, 3], [2, 6])).toEqual([2, 6]);
    expect(reshapeShape([1], [])).toEqual([]);
    expect(() => reshapeShape([4, 3], [5])).toThrow(/reshape: shape \[4, 3\] has 12 elements, \[5\] has 5/);
    expect(constantShape([1, 2, 3], [3, 1])).toEqual([3, 1]);
    expect(() => constantShape([1, 2], [3])).toThrow(/constant: 2 values for shape \[3\]/);
  });

  it('of a reduction wants an axis to reduce, with something in it', () => {
    expect(sumLastShape([2, 3, 7])).toEqual([2, 3, 1]);
    expect(dropFirstShape('minFirst', [2, 3, 7])).toEqual([3, 7]);
    expect(() => sumLastShape([])).toThrow(/sumLast: shape \[\] has no axis/);
    expect(() => dropFirstShape('minFirst', [])).toThrow(/minFirst: shape \[\] has no axis/);
    expect(() => dropFirstShape('meanFirst', [0, 3])).toThrow(
      /meanFirst: the first axis of \[0, 3\] is empty/,
    );
  });
});

describe('the numbers of an op', () => {
  it('are a lower and an upper bound for clip, in this order', () => {
    expect(() => checkClip(1, 1)).not.toThrow();
    expect(() => checkClip(2, 1)).toThrow(/clip: bounds are \[2, 1\]/);
    expect(() => checkClip(Number.NaN, 1)).toThrow(/clip: bounds are \[NaN, 1\]/);
  });

  it('are a positive threshold for huber', () => {
    expect(() => checkHuber(1e-3)).not.toThrow();
    expect(() => checkHuber(0)).toThrow(/huber: threshold is 0/);
    expect(() => checkHuber(Number.NaN)).toThrow(/huber: threshold is NaN/);
  });
});
