declare module 'virtual:vx11-schema' {
  export interface TableShape {
    name: string
    columns: readonly { name: string; type: string; required: boolean; key: boolean }[]
  }
  /** By owner. */
  export const schema: Readonly<Record<string, readonly TableShape[]>>
}
