/** Finds the files beside the program: in a checkout, in an installed package and in the image. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The nearest folder above this file with a package.json. */
function findRoot(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder)
    if (above === folder) throw new Error('package.json is missing beside the program')
    folder = above
  }
  return folder
}

export const inPackage = (...path: string[]): string => join(findRoot(), ...path)
