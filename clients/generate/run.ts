/** `npm run clients`: writes the generated part of each client; a test holds the files to the document. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { clientDocument } from './operations.ts'
import { pythonFiles } from './python.ts'
import { typescriptOperations } from './typescript.ts'

/** Paths from the folder of the clients, with what should stand there. */
export async function generatedFiles(): Promise<Record<string, string>> {
  const document = await clientDocument()
  const { operations, shapes } = pythonFiles(document)
  return {
    'typescript/src/operations.ts': typescriptOperations(document),
    'python/tentaculo_link/operations.py': operations,
    'python/tentaculo_link/shapes.py': shapes,
  }
}

export const clientFile = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

if (import.meta.main) {
  for (const [path, text] of Object.entries(await generatedFiles())) writeFileSync(clientFile(path), text)
}
