/** Makes an OpenAI-compatible endpoint callable with its address and key, without VX11 headers. */
import type { Config, ModelName } from '../config/config.ts'
import { GatewayError } from '../errors/gateway-error.ts'
import type { Upstream } from '../ports/index.ts'
import { deadlineHeader } from './deadline-header.ts'
import { type Transports, unavailableCode, upstreamFor } from './target.ts'

type ModelConfig = Pick<Config['chat'], 'deepseekApiKey' | 'deepseekBaseUrl' | 'localLlmUrl'>

/** DeepSeek's base URL; its paths are OpenAI's below `/v1`. */
const deepseekUrl = 'https://api.deepseek.com'

/** Rejects when it is not configured. */
export function modelEndpoint(name: ModelName, config: ModelConfig, transports: Transports): Upstream {
  const endpoint = modelAddress(name, config)
  const upstream = endpoint && upstreamFor(name, { kind: 'url', url: endpoint.url }, transports)
  if (!upstream) return () => Promise.reject(new GatewayError(unavailableCode(name)))
  return (target, init) => upstream(target, { ...init, headers: foreign(init.headers, endpoint.key) })
}

/** Null when it is not configured. */
export function modelAddress(name: ModelName, { deepseekApiKey, deepseekBaseUrl, localLlmUrl }: ModelConfig) {
  if (name === 'local_llm') return localLlmUrl === null ? null : { url: localLlmUrl, key: null }
  return deepseekApiKey === null ? null : { url: deepseekBaseUrl ?? deepseekUrl, key: deepseekApiKey }
}

/** Removes the caller's deadline, which a third party must not see. */
function foreign({ [deadlineHeader]: _, ...headers }: Parameters<Upstream>[1]['headers'], key: string | null) {
  return key === null ? headers : { ...headers, authorization: `Bearer ${key}` }
}
