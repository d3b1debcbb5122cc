// A seller's program on openapi-fetch with the types of openapi-typescript: launches, approves, downloads, compares digests.
import { createHash } from "node:crypto";
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

const [url, key] = process.argv.slice(2) as [string, string];
const client = createClient<paths>({ baseUrl: url, headers: { Authorization: `Bearer ${key}` } });

function must<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

const order = { product: "sticker", idea: "a red fox and a hedgehog", count: 2 } as const;
const quote = must(await client.POST("/api/v1/quotes", { body: order }));
const launched = must(
  await client.POST("/api/v1/projects", {
    body: { ...order, quote_id: quote.id },
    params: { header: { "Idempotency-Key": "typescript" } },
  }),
);
const path = { public_id: launched.public_id };

async function reaches(stage: string): Promise<void> {
  for (let attempt = 0; attempt < 360; attempt++) {
    const project = must(await client.GET("/api/v1/projects/{public_id}", { params: { path } }));
    if (project.stage === stage) return;
    if (project.stage === "failed") throw new Error(JSON.stringify(project.job.failure));
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`never ${stage}`);
}

await reaches("awaiting_approval");
must(await client.POST("/api/v1/projects/{public_id}/approve", { params: { path } }));
await reaches("completed");
const files = must(await client.GET("/api/v1/projects/{public_id}/files", { params: { path } })).items;
for (const file of files) {
  const answer = await client.GET("/api/v1/projects/{public_id}/files/{file_id}", {
    params: { path: { ...path, file_id: file.id } },
    parseAs: "arrayBuffer",
  });
  const bytes = Buffer.from(must(answer) as unknown as ArrayBuffer);
  const digest = createHash("sha256").update(bytes).digest("hex");
  if (digest !== file.sha256 || bytes.length !== file.bytes) throw new Error(`${file.name}: ${digest}`);
}
if (files.length < 5) throw new Error("too few files");
console.log(`${files.length} files with equal digests`);
