// Asking the studio for completions: Gradio's queue, which says when it is whose turn.

// Gives the completions; calls place(n) with how many are before this one, 0 when it is its turn.
export async function complete(request, place) {
  const session = Math.random().toString(36).slice(2);
  const joined = await post("/gradio_api/queue/join", {
    data: [request.image, request.mask, request.model, request.count, request.seed],
    fn_index: 0,
    session_hash: session,
  });
  if (!joined.ok) throw new Error(await detail(joined));
  return new Promise((resolve, reject) => {
    const events = new EventSource(`/gradio_api/queue/data?session_hash=${session}`);
    const end = (settle, value) => { events.close(); settle(value); };
    events.onerror = () => end(reject, new Error("The studio does not answer: is it still running?"));
    events.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.msg === "estimation") place(message.rank + 1);
      else if (message.msg === "process_starts") place(0);
      else if (message.msg === "process_completed" && message.success) end(resolve, message.output.data[0]);
      else if (message.msg === "process_completed") end(reject, new Error(message.output.error ?? "The studio failed: see its terminal."));
      else if (message.msg === "unexpected_error") end(reject, new Error(message.message));
    };
  });
}

async function post(path, body) {
  try {
    return await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error("The studio does not answer: is it still running?");
  }
}

async function detail(response) {
  try {
    return (await response.json()).detail;
  } catch {
    return `The studio answered ${response.status}.`;
  }
}
