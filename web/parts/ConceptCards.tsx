import { Link } from '@tanstack/react-router';
import { categoryName } from '../category.ts';
import type { DetectedConceptsQuery } from '../generated/documents.ts';
import { counted, iou } from '../numbers.ts';
import { CategorySwatch } from './CategoryBar.tsx';
import css from './ConceptCards.module.css';
import { Strip } from './Strip.tsx';

type Shown = Pick<DetectedConceptsQuery['detectedConcepts'][number], 'detectors' | 'models' | 'concept'> & {
  bestUnit: { iou: number; stripUrl: string };
};

/** Concepts, each with the best unit that detects it. */
export function ConceptCards({ concepts }: { concepts: readonly Shown[] }) {
  return (
    <ul className={css.concepts}>
      {concepts.map(({ concept, detectors, models, bestUnit }) => (
        <li key={`${concept.category} ${concept.name}`}>
          <Link to="/concepts/$category/$concept" params={{ category: categoryName(concept.category), concept: concept.name }}>
            <Strip url={bestUnit.stripUrl} images={1} alt="" />
            <span className={css.text}>
              <span>
                <CategorySwatch category={concept.category} /> <strong>{concept.name}</strong>
              </span>
              <span className="soft small">
                {counted(detectors, 'unit')} in {counted(models, 'model')}, best {iou(bestUnit.iou)}
              </span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
