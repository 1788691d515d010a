import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { answers, useAnswer } from '../api/answer.ts';
import { ask } from '../api/ask.ts';
import {
  FrameDocument,
  IngestChoicesDocument,
  JobsDocument,
  RegisterModelDocument,
  RequestDissectionDocument,
  RequestExperimentDocument,
  SchedulesDocument,
  WatchFolderDocument,
} from '../generated/documents.ts';
import css from './Requests.module.css';
import { TroubleText } from './Trouble.tsx';

type Fields = (name: string) => string;

/** Forms that ask workers for something. */
export function Requests() {
  const { models } = useAnswer(IngestChoicesDocument, {});
  const { datasets } = useAnswer(FrameDocument, {});
  const slugs = models.nodes.filter(({ format }) => format !== 'TALLY').map(({ slug }) => slug);
  const dense = datasets.nodes.filter(({ kind }) => kind === 'BRODEN').map(({ slug }) => slug);
  return (
    <div className={css.requests}>
      <Request
        name="Dissect layers"
        does={async (field) => {
          const layers = listOf(field('layers'));
          const { requestDissection } = await ask(RequestDissectionDocument, {
            input: { model: field('model'), dataset: field('dataset'), tau: Number(field('tau')), ...(layers.length > 0 && { layers }) },
          });
          return `Job ${requestDissection.number} is in the queue.`;
        }}
      >
        <Choice name="model" label="Model" options={slugs} />
        <Choice name="dataset" label="Dataset" options={dense} />
        <Text name="layers" label="Layers" placeholder="all, or conv4, conv5" />
        <Text name="tau" label="Tau" initial="0.005" />
      </Request>
      <Request
        name="Register a model"
        does={async (field) => {
          const { registerModel } = await ask(RegisterModelDocument, { input: { path: field('path'), slug: field('slug') } });
          return `${registerModel.slug} is registered.`;
        }}
      >
        <Text name="path" label="File on the worker’s machine" placeholder="/models/my-resnet18.onnx" />
        <Text name="slug" label="Short name" placeholder="my-resnet18" />
      </Request>
      <Request
        name="Watch a folder of checkpoints"
        does={async (field) => {
          const layers = listOf(field('layers'));
          const { watchFolder } = await ask(WatchFolderDocument, {
            input: { place: field('place'), series: field('series'), dataset: field('dataset'), ...(layers.length > 0 && { layers }) },
          });
          return `${watchFolder.name} is set: its folder is looked into once a minute.`;
        }}
      >
        <Text name="place" label="Folder on the workers’ machines" placeholder="/runs/my-run/*.onnx" />
        <Text name="series" label="Series" placeholder="my-run" />
        <Choice name="dataset" label="Dataset" options={dense} />
        <Text name="layers" label="Layers" placeholder="all, or conv4, conv5" />
      </Request>
      <Request
        name="Turn a basis, or sweep tau"
        does={async (field) => {
          const varied = field('kind') === 'rotation' ? { rotation: {} } : { tauSweep: {} };
          const { requestExperiment } = await ask(RequestExperimentDocument, {
            input: { model: field('model'), dataset: field('dataset'), layer: field('layer'), ...varied },
          });
          return `Job ${requestExperiment.number} is in the queue.`;
        }}
      >
        <Choice name="model" label="Model" options={slugs} />
        <Choice name="dataset" label="Dataset" options={dense} />
        <Text name="layer" label="Layer" placeholder="conv5" />
        <Choice name="kind" label="What varies" options={['rotation', 'tau']} />
      </Request>
    </div>
  );
}

function Request({ name, does, children }: { name: string; does: (field: Fields) => Promise<string>; children: ReactNode }) {
  const [said, setSaid] = useState('');
  const request = useMutation({
    mutationFn: does,
    onMutate: () => setSaid(''),
    onSuccess: (message) => {
      setSaid(message);
      answers.invalidateQueries({ queryKey: [JobsDocument.toString()] });
      answers.invalidateQueries({ queryKey: [SchedulesDocument.toString()] });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    request.mutate((field) => String(data.get(field) ?? '').trim());
  };
  return (
    <form onSubmit={submit} className={css.request}>
      <h3>{name}</h3>
      <div className="filters">{children}</div>
      <p className="row">
        <button type="submit" className="primary" disabled={request.isPending}>
          {request.isPending ? 'asking …' : name}
        </button>
        <span role="status">{said}</span>
      </p>
      {request.error && <TroubleText error={request.error} />}
    </form>
  );
}

function Text({ name, label, placeholder, initial }: { name: string; label: string; placeholder?: string; initial?: string }) {
  return (
    <label>
      {label}
      <input name={name} placeholder={placeholder} defaultValue={initial} required={name !== 'layers'} />
    </label>
  );
}

function Choice({ name, label, options }: { name: string; label: string; options: string[] }) {
  return (
    <label>
      {label}
      <select name={name}>
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    </label>
  );
}

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
