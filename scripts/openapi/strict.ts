// Compiled, never run: a program that uses the generated types as a seller's program would, under `strict`.
import type { components, operations, paths } from "./schema";

type Order = components["schemas"]["LaunchRequest"];
type Launch = operations["launch"];

// Only what the server requires has to be given.
const smallest: Order = { product: "wall_art", idea: "a red fox" };
const answered = (project: components["schemas"]["Project"]): string => project.job.status;
const remake: paths["/api/v1/projects/{public_id}/items/{number}/remake"]["post"] = {} as operations["remake"];
type Created = Launch["responses"][201]["content"]["application/json"];
const created: (project: Created) => string = answered;

// @ts-expect-error a launch without an idea is refused by the server, so it is refused here
const wrong: Order = { product: "wall_art" };

export { created, remake, smallest, wrong };
