// Serves one GGUF model on the loopback address as an OpenAI-compatible chat
// endpoint, streamed, for .ci/suite-model. Usage: node suite-model.mjs MODEL PORT
// (run in a folder that has node-llama-cpp installed).
import http from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(process.cwd() + "/package.json");
const { getLlama, LlamaChatSession } = await import(pathToFileURL(require.resolve("node-llama-cpp")).href);
const [modelPath, port] = process.argv.slice(2);

const llama = await getLlama({ gpu: false, build: "never" });
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({ contextSize: 4096 });
let queue = Promise.resolve(); // one sequence: one question at a time

async function answer(body, response) {
  const system = body.messages.find((m) => m.role === "system")?.content ?? "";
  const user = body.messages.filter((m) => m.role === "user").map((m) => m.content).join("\n");
  const sequence = context.getSequence();
  const event = (data) => response.write(`data: ${JSON.stringify(data)}\n\n`);
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  let text = "";
  try {
    const session = new LlamaChatSession({ contextSequence: sequence, systemPrompt: system });
    await session.prompt(user, {
      maxTokens: body.max_tokens ?? 300, temperature: 0,
      onTextChunk(chunk) {
        text += chunk;
        event({ choices: [{ index: 0, delta: { content: chunk } }] });
      },
    });
    event({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
    const count = (s) => model.tokenize(s).length;
    event({ choices: [], usage: { prompt_tokens: count(system + user), completion_tokens: count(text), total_tokens: count(system + user + text) } });
    response.end("data: [DONE]\n\n");
  } catch (error) {
    event({ error: { message: String(error) } });
    response.end();
  } finally {
    sequence.dispose();
  }
}

http.createServer((request, response) => {
  let data = "";
  request.on("data", (part) => (data += part));
  request.on("end", () => {
    queue = queue.then(() => answer(JSON.parse(data), response)).catch((error) => console.error(error));
  });
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
