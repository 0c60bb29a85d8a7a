/** Holds the generated part of the published clients to the OpenAPI document. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { clientFile, generatedFiles } from '../clients/generate/run.ts'

describe('the clients', () => {
  it('have the operations of the document (npm run clients)', async () => {
    for (const [path, text] of Object.entries(await generatedFiles())) {
      expect(readFileSync(clientFile(path), 'utf8'), path).toBe(text)
    }
  })
})
