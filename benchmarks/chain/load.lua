-- Every request has a message id of its own: two exchanges never share a byte of evidence by accident.
local size, path = 0, "/"
local counter, thread_no = 0, 0
local threads = {}
local head, tail
faults = 0

function setup(thread)
  table.insert(threads, thread)
  thread:set("thread_no", #threads)
end

function init(args)
  path = args[1]
  prefix = args[2] .. "-" .. thread_no .. "-"
  size = tonumber(args[3])
  if args[4] then
    init_soap(args[4])
  else
    body = string.rep("x", size)
    headers = {
      ["X-Road-Client"] = "VN/GOV/A/caller",
      ["Content-Type"] = "application/octet-stream",
    }
  end
end

-- The envelope around its id; filled up to the wanted size. A refusal comes with status 200, so every answer is read.
function init_soap(template)
  local filled = template:gsub("@PAD@", string.rep("x", math.max(0, size - #template)))
  local at = filled:find("@ID@", 1, true)
  head, tail = filled:sub(1, at - 1), filled:sub(at + 4)
  headers = { ["Content-Type"] = "text/xml; charset=UTF-8" }
  response = function(status, _, answer)
    if answer:find(":Fault>", 1, true) then
      faults = faults + 1
    end
  end
end

function request()
  counter = counter + 1
  local id = prefix .. counter
  if head then
    headers["SOAPAction"] = '"urn:' .. id .. '"'
    return wrk.format("POST", path, headers, head .. id .. tail)
  end
  headers["X-Road-Id"] = id
  return wrk.format("POST", path, headers, body)
end

function done(summary, latency, requests)
  local e = summary.errors
  local refused = 0
  for _, thread in ipairs(threads) do
    refused = refused + thread:get("faults")
  end
  io.write(string.format(
    '\nJSON {"requests": %d, "microseconds": %d, "failed": %d, "p50_us": %d, "p99_us": %d}\n',
    summary.requests, summary.duration, e.connect + e.read + e.write + e.status + e.timeout + refused,
    latency:percentile(50), latency:percentile(99)))
end
