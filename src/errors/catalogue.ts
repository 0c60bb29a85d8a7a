/** The catalogue of everything that can go wrong: status and words of each code, as docs/errors.md lists them. */

interface CatalogueEntry {
  status:
    | 400
    | 401
    | 403
    | 404
    | 405
    | 408
    | 409
    | 413
    | 415
    | 417
    | 422
    | 426
    | 429
    | 431
    | 499
    | 500
    | 501
    | 502
    | 503
    | 504
    | 508
  title: string
  /** What the caller can do next. */
  detail: string
}

export const catalogue = {
  bad_request: { status: 400, title: 'Bad request', detail: 'The request is not well-formed HTTP/1.1.' },
  bad_request_target: {
    status: 400,
    title: 'Bad request target',
    detail:
      'The target has dot segments, encoded slashes, backslashes, controls, or bytes beyond ASCII. Send it escaped.',
  },
  body_not_allowed: {
    status: 400,
    title: 'Body not allowed',
    detail: 'A GET or HEAD request has no body here (RFC 9110 §9.3.1). Send it without one, or use POST.',
  },
  power_not_confirmed: {
    status: 400,
    title: 'Power change not confirmed',
    detail: 'Madre wants the power key, a fresh power token and the confirmation together; see docs/windows.md.',
  },
  invalid_purpose: {
    status: 400,
    title: 'Invalid purpose',
    detail: 'purpose must be one of: plan, patch, review, risk_assessment',
  },
  auth_required: {
    status: 401,
    title: 'Authentication required',
    detail: 'Send a token as X-VX11-Token or as Authorization: Bearer.',
  },
  login_failed: {
    status: 401,
    title: 'Login failed',
    detail: 'The operator backend does not know this user with this password.',
  },
  forbidden: {
    status: 403,
    title: 'Forbidden',
    detail: 'The token is unknown, expired or lacks the scope of this route.',
  },
  off_by_policy: {
    status: 403,
    title: 'Off by policy',
    detail: 'The policy in force keeps this closed; `hint` says how to open it.',
  },
  codev_disabled: {
    status: 403,
    title: 'Assist disabled',
    detail: 'Set VX11_OPERATOR_CODEV_ENABLED=1 and restart the gateway.',
  },
  not_found: { status: 404, title: 'Not found', detail: 'No route answers this path. GET /openapi.json lists them.' },
  session_not_found: {
    status: 404,
    title: 'Session not found',
    detail: 'No session of yours has this id. GET /operator/api/chat/sessions lists them.',
  },
  chat_model_not_found: {
    status: 404,
    title: 'Chat model not found',
    detail: 'No model of the chat has this name. GET /operator/api/chat/rotation lists them.',
  },
  message_not_found: {
    status: 404,
    title: 'Message not found',
    detail: 'No stored message of yours has this id. An answer is stored when it is complete, or broken off.',
  },
  endpoint_not_found: {
    status: 404,
    title: 'Endpoint not found',
    detail: 'The operator API has no such path; `available_endpoints` lists those it has.',
  },
  setting_not_found: { status: 404, title: 'Setting not found', detail: 'No setting has that key.' },
  key_not_found: {
    status: 404,
    title: 'Key not found',
    detail: 'No key has that id. GET /operator/api/keys lists them.',
  },
  webhook_not_found: {
    status: 404,
    title: 'Webhook not found',
    detail: 'No webhook has that name. GET /operator/api/webhooks lists them.',
  },
  audit_not_found: { status: 404, title: 'Audit not found', detail: 'No audit run has that id.' },
  lane_not_found: { status: 404, title: 'Lane not found', detail: 'No lane has that id.' },
  correlation_not_found: {
    status: 404,
    title: 'Correlation not found',
    detail: 'Nothing that you may read is recorded under this id.',
  },
  result_not_found: { status: 404, title: 'Result not found', detail: 'Nothing was asked under that id.' },
  no_active_window: {
    status: 404,
    title: 'No active window',
    detail: 'No power window is open, so there is none to close.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    detail: 'The Allow header lists the methods that this path answers.',
  },
  request_timeout: {
    status: 408,
    title: 'Request timeout',
    detail: 'The request’s body stopped coming before it was complete. Send it again.',
  },
  ambiguous_result: {
    status: 409,
    title: 'Ambiguous result',
    detail: 'More than one spawn has an id that begins like this. Ask for the whole id.',
  },
  wake_not_allowed: {
    status: 403,
    title: 'Not allowed to wake modules',
    detail: 'Nothing was woken. It takes VX11_WAKE_ENABLED and a token with the scope admin or wake.',
  },
  wake_budget_spent: {
    status: 429,
    title: 'Too many modules woken',
    detail: 'Requests opened as many windows as VX11_WAKE_PER_HOUR lets them. Open one yourself, or come back later.',
  },
  wake_timeout: {
    status: 503,
    title: 'Module not awake in time',
    detail: 'Its window is opening or open, and it does not answer yet. Send the request again.',
  },
  window_already_active: {
    status: 409,
    title: 'Window already active',
    detail: 'One power window is open at a time. Close it first, or wait for its deadline.',
  },
  key_revoked: {
    status: 409,
    title: 'Key is revoked',
    detail: 'A revoked key stays revoked. Make a new one.',
  },
  too_many_keys: {
    status: 409,
    title: 'Too many keys',
    detail: 'A thousand keys are in force. Revoke those that nobody uses; last_used_at tells which.',
  },
  configuration_invalid: {
    status: 409,
    title: 'Configuration is not valid',
    detail: 'The configuration that was read is not valid, so the one before stays in force. Mend what is named.',
  },
  maintenance_running: {
    status: 409,
    title: 'Maintenance is running',
    detail: 'One maintenance runs at a time. GET /operator/api/maintenance shows its progress.',
  },
  message_too_long: {
    status: 413,
    title: 'Message too long',
    detail: 'Message too long (max 4000 characters)',
  },
  body_too_large: { status: 413, title: 'Body too large', detail: 'Send a smaller body.' },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    detail: 'Send the body in UTF-8, plain or compressed with gzip or deflate.',
  },
  expectation_failed: {
    status: 417,
    title: 'Expectation failed',
    detail: 'The only expectation that is met is 100-continue.',
  },
  validation_error: { status: 422, title: 'Invalid input', detail: 'The request does not match the route’s schema.' },
  service_not_allowed: {
    status: 422,
    title: 'Service not allowed',
    detail: 'Power routes take the services of VX11_ALLOWED_WINDOW_SERVICES, by their compose names.',
  },
  event_rejected: {
    status: 422,
    title: 'Event rejected',
    detail: 'The event lacks what its type asks for, or is too large; docs/events.md has the types.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'Idempotency key reused',
    detail: 'The Idempotency-Key was used within 24 hours for another request. Send a new key, or the same request.',
  },
  upgrade_required: {
    status: 426,
    title: 'Upgrade required',
    detail: 'This path speaks WebSocket alone. Connect with ws:// or wss://.',
  },
  headers_too_large: { status: 431, title: 'Headers too large', detail: 'Send fewer or shorter header fields.' },
  too_many_requests: {
    status: 429,
    title: 'Too many requests',
    detail: 'Wait for Retry-After seconds, then try again.',
  },
  too_many_streams: {
    status: 429,
    title: 'Too many streams',
    detail: 'The principal holds as many event streams open as VX11_EVENT_STREAMS allows. Close one first.',
  },
  client_closed_request: { status: 499, title: 'Client closed request', detail: 'The caller left before the answer.' },
  internal_error: {
    status: 500,
    title: 'Internal error',
    detail: 'The gateway failed. Its log names the reason under this correlation id.',
  },
  not_implemented: { status: 501, title: 'Not implemented', detail: 'This gateway does not offer that yet.' },
  webhook_not_delivered: {
    status: 502,
    title: 'Test not delivered',
    detail: 'The receiver of the webhook did not take the test message.',
  },
  upstream_malformed: { status: 502, title: 'Malformed upstream answer', detail: 'The upstream did not speak HTTP.' },
  gateway_error: {
    status: 502,
    title: 'Bad gateway',
    detail: 'Error forwarding request to audio engine',
  },
  madre_auth_failed: {
    status: 502,
    title: 'Madre refused the gateway',
    detail: 'Madre does not take the gateway’s token. Set VX11_UPSTREAM_TOKEN to the one it knows.',
  },
  madre_failed: {
    status: 502,
    title: 'Madre failed',
    detail: 'Madre answered with an error of its own, or with something that is no answer. Its log says why.',
  },
  model_failed: {
    status: 502,
    title: 'Model failed',
    detail: 'The model answered with an error, or with something that is no answer; `error_code` says which.',
  },
  upstream_auth_failed: {
    status: 502,
    title: 'Upstream refused the gateway',
    detail:
      'The service behind this route does not take the gateway’s token. Set VX11_UPSTREAM_TOKEN to the one it knows.',
  },
  upstream_failed: {
    status: 502,
    title: 'Upstream failed',
    detail: 'The service behind this route answered with an error of its own, or with something that is no answer.',
  },
  shub_unavailable: {
    status: 503,
    title: 'Shub unavailable',
    detail: 'Audio engine service is temporarily unavailable',
  },
  madre_unavailable: {
    status: 503,
    title: 'Madre unavailable',
    detail: 'The orchestrator does not answer. Try again; GET /vx11/status shows when it is back.',
  },
  switch_unavailable: {
    status: 503,
    title: 'Switch unavailable',
    detail: 'The AI router does not answer. Try again; GET /vx11/status shows when it is back.',
  },
  upstream_unavailable: {
    status: 503,
    title: 'Upstream unavailable',
    detail: 'The service behind this route does not answer. Try again; GET /vx11/status shows when it is back.',
  },
  model_not_configured: {
    status: 503,
    title: 'Model not configured',
    detail: 'Set DEEPSEEK_API_KEY, and reload the configuration or restart the gateway.',
  },
  model_unavailable: {
    status: 503,
    title: 'Model unavailable',
    detail: 'The model’s endpoint does not answer. Try again later.',
  },
  service_overloaded: {
    status: 503,
    title: 'Service overloaded',
    detail:
      'As many requests as the service behind this route may have at once are under way. Wait for Retry-After seconds.',
  },
  database_unavailable: {
    status: 503,
    title: 'Database unavailable',
    detail: 'The database cannot be used now. GET /readyz and the log say why.',
  },
  feature_disabled: {
    status: 503,
    title: 'Feature disabled',
    detail: 'The configuration turns this feature off. Set its flag and restart what holds it.',
  },
  events_unavailable: {
    status: 503,
    title: 'Events cannot be stored',
    detail:
      'The database takes no events now, or too many wait for it. Try again; an Idempotency-Key keeps it from being stored twice.',
  },
  limiter_unavailable: {
    status: 503,
    title: 'Rate limiter unavailable',
    detail: 'The limit store is down, and administrative changes are refused until it is back.',
  },
  model_timeout: { status: 504, title: 'Model timeout', detail: 'The model took too long to answer.' },
  upstream_timeout: {
    status: 504,
    title: 'Upstream timeout',
    detail: 'The service behind this route took too long to answer. It may still finish what was asked of it.',
  },
  madre_timeout: {
    status: 504,
    title: 'Madre timeout',
    detail:
      'Madre took too long to answer, and may still finish what was asked of it. GET the status before asking again.',
  },
  loop_detected: {
    status: 508,
    title: 'Loop detected',
    detail:
      'This gateway has forwarded the request before (Via). An upstream leads back to it; check the *_URL variables.',
  },
} as const satisfies Record<string, CatalogueEntry>

export type ErrorCode = keyof typeof catalogue
