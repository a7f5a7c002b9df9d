package render
import ("testing";"fmt";"time";"sigs.k8s.io/kustomize/api/krusty";"sigs.k8s.io/kustomize/kyaml/filesys")
func TestKB(t *testing.T){
 st:=time.Now()
 m,err:=krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(),"/work/corpus/argoproj/argo-workflows/manifests/cluster-install")
 fmt.Println(err,time.Since(st)); if err==nil {st=time.Now(); n:=0; for _,r:=range m.Resources(){ b,_:=r.AsYAML(); n+=len(b)}; fmt.Println(m.Size(),n,time.Since(st)); st=time.Now(); n=0; for _,r:=range m.Resources(){ b,_:=r.RNode.String(); n+=len(b)}; fmt.Println("string",n,time.Since(st)); fmt.Println(held()>>20)}
}
