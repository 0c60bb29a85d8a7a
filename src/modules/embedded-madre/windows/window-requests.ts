/** The bodies that open and renew a power window (contract madre/windows). */
import * as v from 'valibot'
import { Name, Prose } from '../requests/fields.ts'

const maxServices = 32
const maxTtlS = 86_400

export const OpenWindowRequest = v.pipe(
  v.object({
    // Check the length first, so that the items of a very long list are not parsed.
    services: v.pipe(
      v.array(v.unknown()),
      v.minLength(1),
      v.maxLength(maxServices),
      v.array(Name()),
      v.transform((names) => [...new Set(names)]),
    ),
    ttl_sec: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxTtlS)), null),
    mode: v.optional(v.picklist(['ttl', 'hold']), 'ttl'),
    reason: v.optional(Prose(500), 'manual'),
    /** Not in the real madre: use renews the window by its ttl, until `max_ttl_sec` after its opening. */
    extend: v.optional(v.boolean(), false),
    max_ttl_sec: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxTtlS)), maxTtlS),
  }),
  v.forward(
    v.check(({ mode, ttl_sec }) => mode === 'hold' || ttl_sec !== null, 'A window of mode ttl needs ttl_sec'),
    ['ttl_sec'],
  ),
  v.forward(
    v.check(({ extend, mode }) => !extend || mode === 'ttl', 'Only a window of mode ttl is renewed'),
    ['extend'],
  ),
  v.forward(
    v.check(({ extend, max_ttl_sec, ttl_sec }) => !extend || max_ttl_sec >= (ttl_sec ?? 0), 'Less than ttl_sec'),
    ['max_ttl_sec'],
  ),
)
export type OpenWindowRequest = v.InferOutput<typeof OpenWindowRequest>

export const ExtendWindow = v.object({
  window_id: Name(),
  /** How long ago the window was last used. */
  idle_ms: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(maxTtlS * 1000)), 0),
  /** On request, from now: then the window need not be one that use renews. */
  ttl_sec: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxTtlS))),
})
export type ExtendWindow = v.InferOutput<typeof ExtendWindow>
