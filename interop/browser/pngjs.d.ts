/** What is used of a package that brings no types. */
declare module 'pngjs' {
  interface Size {
    readonly width: number;
    readonly height: number;
  }
  export class PNG implements Size {
    constructor(size: Size);
    readonly width: number;
    readonly height: number;
    /** Four bytes a pixel. */
    readonly data: Buffer;
    static readonly sync: {
      read(file: Buffer): PNG;
      write(
        picture: PNG,
        options?: Readonly<Record<'colorType' | 'deflateLevel' | 'deflateStrategy' | 'filterType', number>>,
      ): Buffer;
    };
  }
}
