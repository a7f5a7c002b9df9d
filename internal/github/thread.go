package github

import (
	"context"
	"errors"
)

// threadsOf finds the threads on a pull request that are not resolved, by the number of their first comment.
const threadsOf = `query($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      reviewThreads(first: 100, after: $after) {
        nodes { id isResolved viewerCanResolve comments(first: 1) { nodes { databaseId } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`

const resolveThread = `mutation($thread: ID!) { resolveReviewThread(input: {threadId: $thread}) { thread { isResolved } } }`

// threads are the open threads of a pull request that the token may resolve, by their first comment's number.
func (c *Client) threads(ctx context.Context, number int) (map[int64]string, error) {
	open := map[int64]string{}
	variables := map[string]any{"owner": c.owner, "repo": c.repo, "number": number}
	for range maxPages {
		var data struct {
			Repository struct {
				PullRequest struct {
					ReviewThreads struct {
						Nodes []struct {
							ID               string
							IsResolved       bool
							ViewerCanResolve bool
							Comments         struct{ Nodes []struct{ DatabaseID int64 } }
						}
						PageInfo struct {
							HasNextPage bool
							EndCursor   string
						}
					}
				}
			}
		}
		if err := c.query(ctx, threadsOf, variables, &data); err != nil {
			return nil, err
		}
		page := data.Repository.PullRequest.ReviewThreads
		for _, thread := range page.Nodes {
			if !thread.IsResolved && thread.ViewerCanResolve && len(thread.Comments.Nodes) > 0 {
				open[thread.Comments.Nodes[0].DatabaseID] = thread.ID
			}
		}
		if !page.PageInfo.HasNextPage {
			return open, nil
		}
		variables["after"] = page.PageInfo.EndCursor
	}
	return open, nil // the threads beyond stay as they are
}

// resolve closes the threads of remarks that hold no more and that somebody answered: what was said stays to be read, and
// no rule that wants all conversations resolved is held up by it. A token that may comment need not be one that may
// resolve; then the threads stay open, and nothing is wrong.
func (p *reviewer) resolve(ctx context.Context, gone []standing) error {
	if len(gone) == 0 {
		return nil
	}
	open, err := p.client.threads(ctx, p.review.Number)
	for _, old := range gone {
		thread, there := open[old.id]
		if err != nil || !there || p.done.Resolved == maxRemoved {
			continue
		}
		if err = p.client.query(ctx, resolveThread, map[string]any{"thread": thread}, nil); err == nil {
			p.done.Resolved++
		}
	}
	if errors.Is(err, errForbidden) || denied(err) {
		return nil
	}
	return err
}
