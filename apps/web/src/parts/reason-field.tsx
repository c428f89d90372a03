import { Form, Input } from 'antd';
import { useWords } from '../words/words.tsx';

/** Why somebody takes or uncovers something, as the log will say; Enter in it sends the form that it stands in. */
export function ReasonField({ help }: { readonly help: string }) {
  const { w } = useWords();
  return (
    <>
      <Form.Item
        name="reason"
        label={w('take.reason')}
        extra={help}
        rules={[{ required: true, whitespace: true, min: 2, message: w('take.reasonNeeded') }]}
      >
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
      {/* Enter in a field sends: the dialog's own button stands outside the form. */}
      <button type="submit" hidden />
    </>
  );
}
