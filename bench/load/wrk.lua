-- The request that wrk repeats, and its summary as one line of JSON.
-- Arguments: method, bytes of the body, "addresses" to come from a new address each time.
function init(args)
  wrk.method = args[1]
  local bytes = tonumber(args[2])
  if bytes > 0 then
    wrk.body = string.rep("a", bytes)
    wrk.headers["Content-Type"] = "application/octet-stream"
  end
  if args[3] == "addresses" then
    local n = 0
    function request()
      n = n + 1
      wrk.headers["X-Forwarded-For"] = string.format("10.%d.%d.%d", n / 65536 % 256, n / 256 % 256, n % 256)
      return wrk.format()
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests":%d,"durationUs":%d,"p50Us":%d,"p99Us":%d,"refused":%d,"broken":%d}',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout
  ))
end
