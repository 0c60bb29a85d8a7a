/** Starts the echo server for tests that run inside workerd, which cannot start one. */
import type { TestProject } from 'vitest/node'
import { startEchoServer } from './echo-server.ts'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, close } = await startEchoServer()
  project.provide('echoUrl', url)
  return close
}
