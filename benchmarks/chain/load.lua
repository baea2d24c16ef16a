-- Every request has a message id of its own: two exchanges never share a byte of evidence by accident.
local size, path = 0, "/"
local counter, thread_no = 0, 0
local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("thread_no", threads)
end

function init(args)
  path = args[1]
  prefix = args[2] .. "-" .. thread_no .. "-"
  body = string.rep("x", tonumber(args[3]))
  headers = {
    ["X-Road-Client"] = "VN/GOV/A/caller",
    ["Content-Type"] = "application/octet-stream",
  }
end

function request()
  counter = counter + 1
  headers["X-Road-Id"] = prefix .. counter
  return wrk.format("POST", path, headers, body)
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '\nJSON {"requests": %d, "microseconds": %d, "failed": %d, "p50_us": %d, "p99_us": %d}\n',
    summary.requests, summary.duration, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50), latency:percentile(99)))
end
