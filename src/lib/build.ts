/** Which build this is. `npm run release` writes the version; the bundler replaces the commit. */

declare const BUILD_COMMIT: string | null | undefined

export interface Build {
  version: string
  /** Null for a program that was not built from a checkout, and for one that runs from its sources. */
  commit: string | null
}

export const build: Build = {
  version: '0.2.0',
  commit: (typeof BUILD_COMMIT === 'undefined' ? null : BUILD_COMMIT) ?? null,
}

export const buildName = ({ version, commit }: Build = build): string =>
  commit === null ? version : `${version} (${commit})`
