using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Jeju.Infra.Tests.Cli;

/// <summary>
/// A terminal as far as programs that write lines and paint over them use one: it wraps at its width, moves the cursor, erases, and knows whether
/// the cursor is shown. It does not scroll: rows that a real one has scrolled away, and that nothing can be painted over in, are still here.
/// </summary>
internal sealed partial class TerminalScreen(int width) : TextWriter
{
    private readonly Lock _gate = new();
    private readonly List<StringBuilder> _rows = [new()];
    private readonly List<(Func<TerminalScreen, bool> Condition, TaskCompletionSource Met)> _waiting = [];
    private string _unfinished = string.Empty;
    private int _row;
    private int _column;

    /// <summary>How many characters a row has.</summary>
    public int Width => width;

    /// <summary>Whether somebody at the terminal sees the cursor.</summary>
    public bool ShowsCursor { get; private set; } = true;

    /// <summary>The most rows between the cursor's highest and lowest place at a time; more than the terminal has cannot be painted over.</summary>
    public int DeepestReturn { get; private set; }

    /// <summary>What can be read on it, without the empty rows at its end.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
            {
                return string.Join('\n', _rows.Select(row => row.ToString().TrimEnd())).TrimEnd('\n');
            }
        }
    }

    /// <summary>The rows with something in them.</summary>
    public IReadOnlyList<string> Rows => [.. Text.Split('\n').Where(row => row.Length > 0)];

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        List<TaskCompletionSource> met;
        lock (_gate)
        {
            Take(_unfinished + value);
            met = [.. _waiting.Where(waiting => waiting.Condition(this)).Select(waiting => waiting.Met)];
            _waiting.RemoveAll(waiting => met.Contains(waiting.Met));
        }

        met.ForEach(each => each.TrySetResult());
    }

    /// <summary>Waits until the screen is as somebody expects it.</summary>
    public async Task ShowsAsync(Func<TerminalScreen, bool> condition)
    {
        TaskCompletionSource met = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (condition(this))
            {
                return;
            }

            _waiting.Add((condition, met));
        }

        try
        {
            await met.Task.WaitAsync(TimeSpan.FromMinutes(1));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"The screen never was as expected. It shows:\n{Text}");
        }
    }

    private void Take(string text)
    {
        _unfinished = string.Empty;
        for (int at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\e' when ControlSequence().Match(text, at) is { Success: true } control:
                    Obey(control.Groups["letter"].Value, control.Groups["number"].Value);
                    at += control.Length - 1;
                    break;
                case '\e':
                    _unfinished = text[at..];
                    return;
                case '\r':
                    _column = 0;
                    break;
                case '\n':
                    // As the terminal's driver does, which makes a carriage return of it too.
                    _column = 0;
                    GoToRow(_row + 1);
                    break;
                default:
                    Print(text[at]);
                    break;
            }
        }
    }

    private void Print(char character)
    {
        if (_column == width)
        {
            _column = 0;
            GoToRow(_row + 1);
        }

        StringBuilder row = _rows[_row];
        while (row.Length <= _column)
        {
            row.Append(' ');
        }

        row[_column++] = character;
    }

    private void Obey(string letter, string number)
    {
        int count = int.TryParse(number, CultureInfo.InvariantCulture, out int given) ? given : 1;
        switch (letter)
        {
            case "A":
                DeepestReturn = Math.Max(DeepestReturn, _rows.Count - 1 - (_row - count));
                GoToRow(Math.Max(_row - count, 0));
                break;
            case "K" when number == "2":
                _rows[_row].Clear();
                break;
            case "K":
                _rows[_row].Length = Math.Min(_rows[_row].Length, _column);
                break;
            case "J":
                _rows[_row].Length = Math.Min(_rows[_row].Length, _column);
                _rows.RemoveRange(_row + 1, _rows.Count - _row - 1);
                break;
            case "h" or "l" when number == "?25":
                ShowsCursor = letter == "h";
                break;
            case "m" or "h" or "l" or "=" or ">":
                break;
            default:
                throw new NotSupportedException($"This terminal does not know ESC [ {number} {letter}.");
        }
    }

    private void GoToRow(int row)
    {
        _row = row;
        while (_rows.Count <= row)
        {
            _rows.Add(new());
        }
    }

    [GeneratedRegex(@"\G\e(?:\[(?<number>\??[0-9;]*)(?<letter>[A-Za-z])|(?<letter>[=>]))")]
    private static partial Regex ControlSequence();
}
