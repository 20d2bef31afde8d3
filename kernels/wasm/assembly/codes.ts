// The numbers of kernels/codes.ts.
export namespace Activation {
  export const identity: i32 = 0;
  export const relu: i32 = 1;
  export const tanh: i32 = 2;
  export const softplus: i32 = 3;
}

export namespace Binary {
  export const add: i32 = 0;
  export const sub: i32 = 1;
  export const mul: i32 = 2;
  export const div: i32 = 3;
  export const minimum: i32 = 4;
  export const maximum: i32 = 5;
}

export namespace Unary {
  export const affine: i32 = 0;
  export const exp: i32 = 1;
  export const log: i32 = 2;
  export const tanh: i32 = 3;
  export const sigmoid: i32 = 4;
  export const relu: i32 = 5;
  export const softplus: i32 = 6;
  export const square: i32 = 7;
  export const sqrt: i32 = 8;
  export const abs: i32 = 9;
  export const clip: i32 = 10;
  export const huber: i32 = 11;
}
