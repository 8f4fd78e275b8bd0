// Writes web/src/api/generated/types.ts from the server's own description of its API, so that what the pages
// may ask and what they are answered is checked by the compiler.
//
//   node web/tools/make_api_types.mjs     leaves the file alone when nothing changed
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const documentUrl = new URL("../../src/server/api/openapi.json", import.meta.url);
const outputPath = fileURLToPath(new URL("../src/api/generated/types.ts", import.meta.url));
const api = JSON.parse(readFileSync(documentUrl, "utf8"));

/** As a literal of ours. */
const quoted = (text) => `'${text}'`;
const comment = (text, indent = "") => (text ? `${indent}/** ${text.replaceAll("*/", "* /")} */\n` : "");

function typeOf(schema, indent) {
  if (schema.$ref) return schema.$ref.split("/").at(-1).replace(/^Error$/, "Refusal");
  if (schema.enum) return schema.enum.map((value) => quoted(value)).join(" | ");
  switch (schema.type) {
    case "integer":
      return "number";
    case "array": {
      const item = typeOf(schema.items, indent);
      return /[|{]/.test(item) ? `ReadonlyArray<${item}>` : `readonly ${item}[]`;
    }
    case "object":
      return objectType(schema, indent);
    default:
      return schema.type;
  }
}

function objectType(schema, indent) {
  if (schema.properties === undefined && typeof schema.additionalProperties === "object") {
    return "Readonly<Record<string, unknown>>";
  }
  const required = new Set(schema.required ?? []);
  const lines = Object.entries(schema.properties ?? {}).map(([name, value]) => {
    const optional = required.has(name) ? "" : "?";
    return `${comment(value.description, `${indent}  `)}${indent}  readonly ${name}${optional}: ${typeOf(value, `${indent}  `)};`;
  });
  return lines.length === 0 ? "Record<string, never>" : `{\n${lines.join("\n")}\n${indent}}`;
}

function schemaTypes() {
  return Object.entries(api.components.schemas).map(([name, schema]) => {
    const named = name === "Error" ? "Refusal" : name;
    return `${comment(schema.description)}export type ${named} = ${typeOf(schema, "")};\n`;
  });
}

const credentialOf = { session: "session", ticket: "ticket", upload_key: "uploadKey", hand_in_key: "handInKey" };
const parameterOf = (parameter) =>
  parameter.$ref ? api.components.parameters[parameter.$ref.split("/").at(-1)] : parameter;

function bodyType(content, none) {
  const [type, body] = Object.entries(content ?? {})[0] ?? [];
  if (type === undefined) return none;
  return type === "application/json" && body.schema.$ref ? typeOf(body.schema, "") : "Uint8Array";
}

function operations() {
  const types = [];
  const rows = [];
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      if (method === "parameters" || operation.operationId === "server.document") continue;
      const parameters = (operation.parameters ?? []).map(parameterOf);
      const of = (place) => parameters.filter((parameter) => parameter.in === place);
      const path_ = of("path").map((parameter) => `readonly ${parameter.name}: string`);
      const query = of("query").map((parameter) => `readonly ${parameter.name}?: string`);
      const answer = Object.entries(operation.responses).find(([code]) => code.startsWith("2"))?.[1];
      const held = [...new Set((operation.security ?? []).flatMap((one) => Object.keys(one)))];
      types.push(
        `  ${quoted(operation.operationId)}: {\n` +
          `    path: {${path_.length ? ` ${path_.join("; ")} ` : ""}};\n` +
          `    query: {${query.length ? ` ${query.join("; ")} ` : ""}};\n` +
          `    body: ${bodyType(operation.requestBody?.content, "undefined")};\n` +
          `    answer: ${bodyType(answer?.content, "undefined")};\n  };`,
      );
      const isJson = answer?.content?.["application/json"] !== undefined;
      const isKeyed = (operation.parameters ?? []).some((each) => each.$ref?.endsWith("/repeat"));
      const repeat = isKeyed ? "keyed" : method === "patch" ? "never" : method === "delete" ? "until_gone" : "safe";
      const answerForm = answer?.content === undefined ? "none" : isJson ? "json" : "bytes";
      rows.push(
        `  ${quoted(operation.operationId)}: { method: ${quoted(method.toUpperCase())}, path: ${quoted(path)}, ` +
          `credentials: [${held.map((name) => quoted(credentialOf[name])).join(", ")}], answer: ${quoted(answerForm)}, repeat: ${quoted(repeat)} },`,
      );
    }
  }
  return { types, rows };
}

const { types, rows } = operations();
const text = `// What the server can be asked, and what it answers. Made by web/tools/make_api_types.mjs from
// src/server/api/openapi.json; the document says what each field means. Not edited by hand.
//
// Binary fields ("contentEncoding": "base64") are strings here: api/encoding.ts turns them round.

${schemaTypes().join("\n")}
/** For each operation: what stands in its path, its query, its body, and its answer. */
export interface Operations {
${types.join("\n")}
}

export type OperationName = keyof Operations;
export type CredentialKind = 'session' | 'ticket' | 'uploadKey' | 'handInKey';

export interface OperationRow {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'PATCH' | 'OPTIONS';
  readonly path: string;
  /** Any one of these proves the right to ask; none: anyone may. */
  readonly credentials: readonly CredentialKind[];
  readonly answer: 'none' | 'json' | 'bytes';
  /**
   * What asking again does after a lost answer: the same; the same under the same Sealift-Repeat; what is to go
   * may be gone, and that is success; something else (the bytes of an upload, which has an offset).
   */
  readonly repeat: 'safe' | 'keyed' | 'until_gone' | 'never';
}

export const operations: { readonly [Name in OperationName]: OperationRow } = {
${rows.join("\n")}
};
`;

mkdirSync(dirname(outputPath), { recursive: true });
if (!existsSync(outputPath) || readFileSync(outputPath, "utf8") !== text) writeFileSync(outputPath, text);
