/** The least a proxy on workerd can do: hand the request to `fetch`, without a policy. */
export default {
  fetch(request: Request, env: { UPSTREAM_URL: string }): Promise<Response> {
    const { pathname, search } = new URL(request.url)
    return fetch(env.UPSTREAM_URL + pathname + search, request)
  },
}
